// The simulator of "quincunx bench programs" in C++: computes for as many milliseconds of processor time as the environment says.

#include <cstdlib>
#include <ctime>

#include "../../clients/cpp/quincunx.hpp"

int main() {
    const char* milliseconds = std::getenv("MILLISECONDS");
    const double seconds = (milliseconds ? std::atof(milliseconds) : 0) / 1000;
    return quincunx::serve(
        {"x_1", "x_2"},
        [seconds](const std::vector<double>& theta, std::uint64_t seed) {
            if (seconds > 0) {
                const std::clock_t began = std::clock();
                while (static_cast<double>(std::clock() - began) < seconds * CLOCKS_PER_SEC) {
                }
            }
            return std::vector<double>{theta[0] + static_cast<double>(seed), theta[1]};
        },
        {"theta_1", "theta_2"});
}
