// The M/G/1 queue with uniform service (Blum and Francois 2010, Stat. Comput. 20, 63), as in Papamakarios, Sterratt and Murray 2019, arXiv:1805.07226: 50 customers arrive with exponential gaps
// and wait for one server; what is seen are the quartiles of the times between departures.

#include <algorithm>
#include <cmath>
#include <random>

#include "quincunx.hpp"

static std::vector<double> simulate(const std::vector<double>& theta, std::uint64_t seed) {
    constexpr int customers = 50;
    std::mt19937_64 numbers(seed);
    const double service_min = theta[0], service_range = theta[1], arrival_rate = theta[2];
    std::vector<double> gaps(customers);
    double arrival = 0, departure = 0;
    for (double& gap : gaps) {
        arrival -= std::log1p(-quincunx::uniform(numbers)) / arrival_rate;
        const double service = service_min + service_range * quincunx::uniform(numbers);
        const double leaves = std::max(arrival, departure) + service;
        gap = leaves - departure;
        departure = leaves;
    }

    std::sort(gaps.begin(), gaps.end());
    std::vector<double> quartiles;
    for (int q = 0; q <= 4; ++q) {
        const int place = q * (customers - 1), below = place / 4;
        const double share = 0.25 * (place % 4);
        quartiles.push_back(share == 0 ? gaps[below] : gaps[below] + share * (gaps[below + 1] - gaps[below]));
    }
    return quartiles;
}

int main() {
    return quincunx::serve({"gap_min", "gap_quarter", "gap_median", "gap_three_quarters", "gap_max"}, simulate, {"service_min", "service_range", "arrival_rate"}, "1");
}
