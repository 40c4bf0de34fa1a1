// The frames of judge/harness/protocol.py, as far as an init speaks them: a 32-bit big-endian length, then one value in
// the judge's encoding (MessagePack). Everything that is read here was sent by the judge.
#pragma once

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

constexpr int CHANNEL = 3, CONTROL = 4;
constexpr int BROKEN = 70, CANNOT_EXECUTE = 71;

[[noreturn]] inline void fail(const std::string& what) {
    const std::string said = "init: " + what + ": " + std::strerror(errno) + "\n";
    if (write(2, said.data(), said.size()) < 0) _exit(BROKEN);
    _exit(BROKEN);
}

// --- writing ---------------------------------------------------------------------------------------------------------

inline std::string big_endian(std::uint64_t value, int bytes) {
    std::string out;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
    return out;
}

inline void put_all(int descriptor, std::string_view data) {
    while (!data.empty()) {
        const ssize_t done = write(descriptor, data.data(), data.size());
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) fail("cannot send");
        data.remove_prefix(static_cast<std::size_t>(done));
    }
}

inline void send_frame(int descriptor, const std::string& payload) {
    put_all(descriptor, big_endian(payload.size(), 4) + payload);
}

inline std::string text(std::string_view value) {
    if (value.size() < 32) return static_cast<char>(0xA0 | value.size()) + std::string(value);
    return "\xdb" + big_endian(value.size(), 4) + std::string(value);
}

inline std::string bytes_of(std::string_view value) {
    return "\xc6" + big_endian(value.size(), 4) + std::string(value);
}

inline std::string kind(std::string_view name, int keys) {
    return static_cast<char>(0x80 | keys) + text("kind") + text(name);
}

inline std::string ending(int status) {
    const std::string none = "\xc0";
    const bool killed = WIFSIGNALED(status);
    const int number = killed ? WTERMSIG(status) : WEXITSTATUS(status);
    const std::string value = "\xd3" + big_endian(static_cast<std::uint64_t>(number), 8);
    return text("exit") + (killed ? none : value) + text("signal") + (killed ? value : none);
}

// --- reading ---------------------------------------------------------------------------------------------------------

inline std::string get(std::size_t count) {
    std::string data(count, '\0');
    std::size_t at = 0;
    while (at < count) {
        const ssize_t done = read(CHANNEL, data.data() + at, count - at);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) fail("cannot receive");
        if (done == 0) _exit(0);  // the judge is gone
        at += static_cast<std::size_t>(done);
    }
    return data;
}

inline std::uint64_t unsigned_of(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

inline std::string receive_frame() { return get(unsigned_of(get(4))); }

// Reads what the judge's encoder writes for mappings, lists, texts and bytes; anything else can be passed over.
class Reader {
   public:
    explicit Reader(std::string_view data) : data_(data) {}

    std::size_t mapping() { return head(0x80, 0x8F, 0xDF); }
    std::size_t list() { return head(0x90, 0x9F, 0xDD); }
    std::string_view word() { return take(head(0xA0, 0xBF, 0xDB)); }
    std::string_view bytes() { return take(head(1, 0, 0xC6)); }

    void skip() {
        const int found = static_cast<unsigned char>(data_.empty() ? '\xc1' : data_[0]);
        if (found <= 0x7F || found == 0xC0 || found == 0xC2 || found == 0xC3) {
            take(1);
        } else if (found == 0xD3) {
            take(9);
        } else if (found == 0xC6) {
            bytes();
        } else if (found <= 0x8F || found == 0xDF) {
            for (std::size_t left = 2 * mapping(); left > 0; --left) skip();
        } else if (found <= 0x9F || found == 0xDD) {
            for (std::size_t left = list(); left > 0; --left) skip();
        } else {
            word();
        }
    }

   private:
    std::size_t head(int first, int last, int wide) {
        const int found = static_cast<unsigned char>(take(1)[0]);
        if (first <= found && found <= last) return static_cast<std::size_t>(found - first);
        if (found != wide) fail("a frame is malformed");
        return unsigned_of(take(4));
    }

    std::string_view take(std::size_t count) {
        if (count > data_.size()) fail("a frame is truncated");
        const std::string_view piece = data_.substr(0, count);
        data_.remove_prefix(count);
        return piece;
    }

    std::string_view data_;
};

// Calls ``take`` with a reader that stands at the value of ``wanted`` in a frame; returns whether there is one.
template <class Take>
bool at_key(std::string_view frame, std::string_view wanted, Take take) {
    Reader reader(frame);
    for (std::size_t keys = reader.mapping(); keys > 0; --keys) {
        if (reader.word() == wanted) {
            take(reader);
            return true;
        }
        reader.skip();
    }
    return false;
}

inline std::vector<std::string> words(Reader& reader) {
    std::vector<std::string> found;
    for (std::size_t left = reader.list(); left > 0; --left) found.emplace_back(reader.word());
    return found;
}
