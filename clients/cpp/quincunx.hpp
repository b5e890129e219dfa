// Makes a C++ function a simulator of Quincunx. Copy this one header; it needs C++17 and nothing else.
//
//     #include "quincunx.hpp"
//
//     int main() {
//         return quincunx::serve({"x"}, [](const std::vector<double>& theta, std::uint64_t seed) {
//             std::mt19937_64 numbers(seed);
//             return std::vector<double>{theta[0] + quincunx::uniform(numbers)};
//         });
//     }
//
// An exception is a failed simulation, and its text is kept as the reason. What is printed meanwhile goes to the standard error. The protocol is described in docs/guide/programs.md; this
// client speaks its binary mode.

#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#else
#include <unistd.h>
#endif

namespace quincunx {

/// Gives the outputs of the event of a seed, a whole number below 2^53 from which all randomness must come.
using Simulator = std::function<std::vector<double>(const std::vector<double>& theta, std::uint64_t seed)>;

/// Uniform on [0, 1), the same on every machine for an engine of 64 bits; the distributions of the standard library are not.
template <class Engine>
double uniform(Engine& engine) {
    static_assert(Engine::max() == std::numeric_limits<std::uint64_t>::max(), "an engine of 64 bits, such as std::mt19937_64");
    return static_cast<double>(engine() >> 11) * (1.0 / 9007199254740992.0);
}

namespace detail {

struct Array {
    std::vector<std::size_t> shape;
    std::vector<char> bytes;
};

inline std::FILE* take_standard_output() {
    std::fflush(stdout);
#ifdef _WIN32
    std::FILE* sink = _fdopen(_dup(1), "wb");
    _dup2(2, 1);
    _setmode(_fileno(stdin), _O_BINARY);
#else
    std::FILE* sink = fdopen(dup(1), "wb");
    dup2(2, 1);
#endif
    return sink;
}

inline bool read_line(std::string& line) {
    line.clear();
    for (int c = std::getc(stdin); c != EOF; c = std::getc(stdin)) {
        if (c == '\n') return true;
        line += static_cast<char>(c);
    }
    return !line.empty();
}

inline void read(void* to, std::size_t size) {
    if (size > 0 && std::fread(to, 1, size, stdin) != size) throw std::runtime_error("the input ended in the middle of a request");
}

// Format versions 1.0 and 2.0; elements of 8 bytes, which is all that is ever sent.
inline Array read_array() {
    unsigned char start[12];
    read(start, 10);
    std::size_t length = start[8] + 256u * start[9];
    if (start[6] == 2) {
        read(start + 10, 2);
        length += (static_cast<std::size_t>(start[10]) << 16) + (static_cast<std::size_t>(start[11]) << 24);
    }
    std::string head(length, ' ');
    read(&head[0], length);
    Array array;
    std::size_t count = 1;
    for (std::size_t at = head.find('(') + 1; at < length && head[at] != ')'; ++at) {
        if (head[at] < '0' || head[at] > '9') continue;
        char* end = nullptr;
        array.shape.push_back(std::strtoull(head.c_str() + at, &end, 10));
        count *= array.shape.back();
        at = static_cast<std::size_t>(end - head.c_str()) - 1;
    }
    array.bytes.resize(8 * count);
    read(array.bytes.data(), array.bytes.size());
    return array;
}

inline void write_array(std::FILE* sink, const std::vector<double>& values, std::size_t rows, std::size_t width) {
    std::string head = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " + std::to_string(width) + "), }";
    head.append(63 - (10 + head.size()) % 64, ' ').append(1, '\n');
    const unsigned char start[10] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, static_cast<unsigned char>(head.size() & 255), static_cast<unsigned char>(head.size() >> 8)};
    std::fwrite(start, 1, sizeof start, sink);
    std::fwrite(head.data(), 1, head.size(), sink);
    std::fwrite(values.data(), sizeof(double), values.size(), sink);
}

inline std::string quote(const std::string& text) {
    std::string quoted = "\"";
    char code[8];
    for (char c : text) {
        if (c == '"' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
            quoted += code;
        } else {
            quoted += c;
        }
    }
    return quoted + "\"";
}

inline std::string list(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ",") + quote(name);
    return "[" + text + "]";
}

}  // namespace detail

/// Answers requests until there are no more.
/// @param outputs     names of the outputs
/// @param simulate    called for each event
/// @param parameters  names in the order of theta; empty if any will do
/// @param version     a text for people
/// @return what main should return
inline int serve(const std::vector<std::string>& outputs, const Simulator& simulate, const std::vector<std::string>& parameters = {}, const std::string& version = "") {
    using namespace detail;
    std::FILE* sink = take_standard_output();
    std::string line;
    read_line(line);
    std::string hello = "{\"quincunx\":1,\"outputs\":" + list(outputs) + ",\"mode\":\"npy\"";
    if (!parameters.empty()) hello += ",\"parameters\":" + list(parameters);
    if (!version.empty()) hello += ",\"version\":" + quote(version);
    std::fprintf(sink, "%s}\n", hello.c_str());
    std::fflush(sink);

    std::vector<double> theta, x;
    try {
        while (read_line(line)) {
            // Requests have no blanks, and begin with {"id":N, as the protocol says.
            if (line.compare(0, 6, "{\"id\":") != 0) throw std::runtime_error("not a request: " + line);
            const long long id = std::strtoll(line.c_str() + 6, nullptr, 10);
            const Array thetas = read_array(), seeds = read_array();
            const std::size_t rows = thetas.shape.at(0), width = thetas.shape.at(1);
            theta.resize(width);
            x.clear();
            std::string failed;
            const auto began = std::chrono::steady_clock::now();
            for (std::size_t row = 0; row < rows; ++row) {
                std::uint64_t seed = 0;
                std::memcpy(theta.data(), thetas.bytes.data() + 8 * row * width, 8 * width);
                std::memcpy(&seed, seeds.bytes.data() + 8 * row, 8);
                std::string reason;
                try {
                    const std::vector<double> event = simulate(theta, seed);
                    if (event.size() == outputs.size()) {
                        x.insert(x.end(), event.begin(), event.end());
                        continue;
                    }
                    reason = "simulate gave " + std::to_string(event.size()) + " numbers, expected " + std::to_string(outputs.size());
                } catch (const std::exception& error) {
                    reason = error.what();
                }
                x.insert(x.end(), outputs.size(), std::numeric_limits<double>::quiet_NaN());
                failed += (failed.empty() ? "" : ",") + ("\"" + std::to_string(row) + "\":") + quote(reason);
            }
            const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
            std::fprintf(sink, "{\"id\":%lld,\"rows\":%zu,\"arrays\":[\"x\"],\"failed\":{%s},\"seconds\":%.9f}\n", id, rows, failed.c_str(), seconds);
            write_array(sink, x, rows, outputs.size());
            std::fflush(sink);
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "quincunx: %s\n", error.what());
        return 1;
    }
    return 0;
}

}  // namespace quincunx
