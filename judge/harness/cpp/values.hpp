// Values to bytes and back, by their C++ types: the encoding of judge/harness/wire.py.
//
// ``Codec<T>`` reads and writes a T. What a signature's types are in C++ says judge/languages/cpp_types.py; an
// answer is written by the type that the function returns. Lists of numbers and rows of numbers are packed exactly as
// the reference encoder does it, so that equal answers have equal bytes.
#pragma once
#include <complex>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace judge_inside {

// An array: its extents, and its elements in C order. A bool is stored in a byte.
template <class T>
struct Array {
    using Element = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>;
    std::vector<std::size_t> shape;
    std::vector<Element> data;
};

// The bytes are not a value of the type that is read: the judge's fault, never the candidate's.
struct Malformed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The value has no encoding.
struct Refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

using Byte = unsigned char;
using Wide = __int128;
constexpr int INTEGER = 1, TUPLE = 2, PACKED = 3, ARRAY = 4, ROWS = 5;
constexpr std::size_t PACK_FROM = 8;
constexpr Wide INT64_LOW = std::numeric_limits<std::int64_t>::min(), INT64_HIGH = std::numeric_limits<std::int64_t>::max();

class Reader {
   public:
    Reader(const Byte* data, std::size_t size) : at_(data), end_(data + size) {}

    Byte peek() const {
        if (at_ == end_) throw Malformed("the value is truncated");
        return *at_;
    }

    const Byte* take(std::size_t count) {
        if (count > static_cast<std::size_t>(end_ - at_)) throw Malformed("the value is truncated");
        const Byte* piece = at_;
        at_ += count;
        return piece;
    }

    std::uint64_t number(int bytes) {
        std::uint64_t value = 0;
        for (const Byte* piece = take(static_cast<std::size_t>(bytes)); bytes > 0; --bytes) value = value << 8 | *piece++;
        return value;
    }

    // The length behind a head that is ``first`` to ``last`` (which hold it), or one of three with 1, 2, 4 bytes of it.
    std::size_t length(int first, int last, int one, int two, int four) {
        const int head = *take(1);
        if (first <= head && head <= last) return static_cast<std::size_t>(head - first);
        if (head == one) return number(1);
        if (head == two) return number(2);
        if (head == four) return number(4);
        throw Malformed("a value of another type was expected");
    }

    std::size_t items() { return length(0x90, 0x9F, -1, 0xDC, 0xDD); }
    std::size_t pairs() { return length(0x80, 0x8F, -1, 0xDE, 0xDF); }

    std::string_view text() { return view(length(0xA0, 0xBF, 0xD9, 0xDA, 0xDB)); }
    std::string_view bytes() { return view(length(1, 0, 0xC4, 0xC5, 0xC6)); }

    bool at_extension() const {
        const Byte head = peek();
        return (0xC7 <= head && head <= 0xC9) || (0xD4 <= head && head <= 0xD8);
    }

    struct Extension {
        int code;
        std::size_t length;
    };

    Extension extension() {
        const Byte head = *take(1);
        std::size_t size = std::size_t{1} << (head - 0xD4);
        if (head <= 0xC9) size = number(1 << (head - 0xC7));
        const int code = *take(1);
        return {code, size};
    }

    void expect(int code) {
        if (!at_extension() || extension().code != code) throw Malformed("another extension type was expected");
    }

    bool take_none() {
        if (peek() != 0xC0) return false;
        take(1);
        return true;
    }

    Wide integer();
    double real();

   private:
    std::string_view view(std::size_t count) { return {reinterpret_cast<const char*>(take(count)), count}; }

    const Byte* at_;
    const Byte* end_;
};

inline Wide Reader::integer() {
    if (at_extension()) {
        const Extension found = extension();
        const Byte* data = take(found.length);
        const bool negative = found.length && data[found.length - 1] & 0x80;
        std::size_t length = found.length;
        while (length > sizeof(Wide) && data[length - 1] == (negative ? 0xFF : 0)) --length;  // only the sign
        const bool cut = length > 0 && length < found.length && (data[length - 1] >= 0x80) != negative;
        if (found.code != INTEGER || length > sizeof(Wide) || cut) throw Malformed("an integer has more than 128 bits");
        Wide value = negative ? -1 : 0;
        for (std::size_t at = length; at > 0; --at) value = static_cast<Wide>(static_cast<unsigned __int128>(value) << 8 | data[at - 1]);
        return value;
    }
    const int head = *take(1);
    if (head < 0x80) return head;
    if (head >= 0xE0) return head - 256;
    if (0xCC <= head && head <= 0xCF) return number(1 << (head - 0xCC));
    switch (head) {
        case 0xD0: return static_cast<std::int8_t>(number(1));
        case 0xD1: return static_cast<std::int16_t>(number(2));
        case 0xD2: return static_cast<std::int32_t>(number(4));
        case 0xD3: return static_cast<std::int64_t>(number(8));
        default: throw Malformed("an integer was expected");
    }
}

inline double Reader::real() {
    if (peek() != 0xCB) return static_cast<double>(integer());
    take(1);
    const std::uint64_t bits = number(8);
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

class Writer {
   public:
    std::string out;

    void byte(int value) { out += static_cast<char>(value); }

    void number(std::uint64_t value, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) byte(static_cast<int>(value >> shift & 0xFF));
    }

    void head(std::size_t length, int small, std::size_t below, int large) {
        if (length < below) return byte(small | static_cast<int>(length));
        byte(large);
        number(length, 4);
    }

    void integer(Wide value) {
        if (-32 <= value && value < 128) return byte(static_cast<int>(value & 0xFF));
        if (INT64_LOW <= value && value <= INT64_HIGH) {
            byte(0xD3);
            return number(static_cast<std::uint64_t>(value), 8);
        }
        if (value > 0 && value <= std::numeric_limits<std::uint64_t>::max()) {
            byte(0xCF);
            return number(static_cast<std::uint64_t>(value), 8);
        }
        std::string data;  // as many bytes as bit_length // 8 + 1
        unsigned __int128 magnitude = value < 0 ? -static_cast<unsigned __int128>(value) : static_cast<unsigned __int128>(value);
        std::size_t bits = 0;
        for (; magnitude; magnitude >>= 1) ++bits;
        Wide left = value;
        for (std::size_t made = 0; made < bits / 8 + 1; ++made, left >>= 8) data += static_cast<char>(left & 0xFF);
        extension(INTEGER, data);
    }

    void real(double value) {
        std::uint64_t bits;
        std::memcpy(&bits, &value, sizeof bits);
        byte(0xCB);
        number(bits, 8);
    }

    void text(std::string_view value);

    void bytes(const void* data, std::size_t size) {
        byte(0xC6);
        number(size, 4);
        out.append(static_cast<const char*>(data), size);
    }

    void open_extension(int code, std::size_t size) {
        byte(0xC9);
        number(size, 4);
        byte(code);
    }

    void extension(int code, std::string_view data) {
        open_extension(code, data.size());
        out += data;
    }
};

inline bool is_utf8(std::string_view value) {
    for (std::size_t at = 0; at < value.size();) {
        const Byte head = static_cast<Byte>(value[at]);
        if (head < 0x80) {
            ++at;
            continue;
        }
        const std::size_t size = head >= 0xF0 ? 4 : head >= 0xE0 ? 3 : 2;
        if (head < 0xC2 || head > 0xF4 || at + size > value.size()) return false;
        std::uint32_t point = head & (0xFF >> (size + 1));
        for (std::size_t next = at + 1; next < at + size; ++next) {
            const Byte byte = static_cast<Byte>(value[next]);
            if ((byte & 0xC0) != 0x80) return false;
            point = point << 6 | (byte & 0x3F);
        }
        const bool overlong = (size == 3 && point < 0x800) || (size == 4 && point < 0x10000);
        if (overlong || point > 0x10FFFF || (0xD800 <= point && point < 0xE000)) return false;
        at += size;
    }
    return true;
}

inline void Writer::text(std::string_view value) {
    if (!is_utf8(value)) throw Refused("a returned string is not UTF-8");
    head(value.size(), 0xA0, 32, 0xDB);
    out += value;
}

// --- the types -------------------------------------------------------------------------------------------------------

template <class T>
constexpr bool is_character = std::is_same_v<T, char> || std::is_same_v<T, wchar_t> || std::is_same_v<T, char8_t> ||
                              std::is_same_v<T, char16_t> || std::is_same_v<T, char32_t>;
template <class T>
constexpr bool is_integer = (std::is_integral_v<T> && !std::is_same_v<T, bool> && !is_character<T> && !std::is_same_v<T, std::uint8_t>) ||
                            std::is_same_v<T, __int128> || std::is_same_v<T, unsigned __int128>;
template <class T>
constexpr bool is_number = is_integer<T> || std::is_floating_point_v<T>;

template <class T>
bool fits_64_bits(T value) {
    if constexpr (std::is_floating_point_v<T>) return true;
    else if constexpr (std::is_signed_v<T> || std::is_same_v<T, __int128>) return INT64_LOW <= value && value <= INT64_HIGH;
    else return value <= static_cast<std::uint64_t>(INT64_HIGH);
}

template <class T>
constexpr char code_of = std::is_floating_point_v<T> ? 'd' : 'q';

template <class T>
void append_number(std::string& out, T value) {
    std::conditional_t<std::is_floating_point_v<T>, double, std::int64_t> wide = static_cast<decltype(wide)>(value);
    char data[8];
    std::memcpy(data, &wide, 8);
    out.append(data, 8);
}

template <class T>
T narrow(Wide value) {
    if constexpr (std::is_floating_point_v<T>) return static_cast<T>(value);
    if constexpr (!std::is_same_v<T, unsigned __int128>)
        if (value < static_cast<Wide>(std::numeric_limits<T>::min()) || value > static_cast<Wide>(std::numeric_limits<T>::max()))
            throw Malformed("an integer does not fit its type");
    return static_cast<T>(value);
}

// One number of a packed list or of rows.
template <class T>
T packed_number(const Byte* data, char code) {
    if (code == 'q') {
        std::int64_t value;
        std::memcpy(&value, data, 8);
        return narrow<T>(value);
    }
    if constexpr (std::is_floating_point_v<T>) {
        double value;
        std::memcpy(&value, data, 8);
        return static_cast<T>(value);
    }
    throw Malformed("integers were expected, floats were sent");
}

template <class T>
struct Codec {
    static_assert(!sizeof(T*), "the solution returns a type that the judge cannot take apart: see the starter code");
};

template <>
struct Codec<bool> {
    static bool read(Reader& from) {
        const Byte head = *from.take(1);
        if (head != 0xC2 && head != 0xC3) throw Malformed("a bool was expected");
        return head == 0xC3;
    }
    static void write(Writer& to, bool value) { to.byte(value ? 0xC3 : 0xC2); }
};

template <class T>
    requires is_integer<T>
struct Codec<T> {
    static T read(Reader& from) { return narrow<T>(from.integer()); }
    static void write(Writer& to, T value) {
        if constexpr (std::is_same_v<T, unsigned __int128>)
            if (value > static_cast<unsigned __int128>(std::numeric_limits<__int128>::max())) throw Refused("a returned integer has more than 127 bits");
        to.integer(static_cast<Wide>(value));
    }
};

template <class T>
    requires std::is_floating_point_v<T>
struct Codec<T> {
    static T read(Reader& from) { return static_cast<T>(from.real()); }
    static void write(Writer& to, T value) { to.real(static_cast<double>(value)); }
};

template <>
struct Codec<std::string> {
    static std::string read(Reader& from) { return std::string(from.text()); }
    static void write(Writer& to, const std::string& value) { to.text(value); }
};

template <>
struct Codec<std::vector<std::uint8_t>> {
    static std::vector<std::uint8_t> read(Reader& from) {
        const std::string_view data = from.bytes();
        return {data.begin(), data.end()};
    }
    static void write(Writer& to, const std::vector<std::uint8_t>& value) { to.bytes(value.data(), value.size()); }
};

template <class T>
struct Codec<std::optional<T>> {
    static std::optional<T> read(Reader& from) {
        if (from.take_none()) return std::nullopt;
        return Codec<T>::read(from);
    }
    static void write(Writer& to, const std::optional<T>& value) { value ? Codec<T>::write(to, *value) : to.byte(0xC0); }
};

template <>
struct Codec<std::nullopt_t> {
    static void write(Writer& to, std::nullopt_t) { to.byte(0xC0); }
};

// --- tuples ----------------------------------------------------------------------------------------------------------

// Rows are lists or tuples of numbers. ``code`` is 0 for what cannot be a row.
template <class T>
struct Row {
    static constexpr char code = 0;
};

template <class T, class... Rest>
struct NumberTuple {
    static constexpr bool alike = is_number<T> && ((is_number<Rest> && code_of<Rest> == code_of<T>) && ...);
    static constexpr char code = alike ? code_of<T> : 0;
};

template <class Tuple, class... T>
struct TupleCodec {
    static Tuple read(Reader& from) {
        from.expect(TUPLE);
        if (from.items() != sizeof...(T)) throw Malformed("a tuple has another length");
        return Tuple{Codec<T>::read(from)...};  // in their order, for the braces
    }
    static void write(Writer& to, const Tuple& value) {
        Writer body;
        body.head(sizeof...(T), 0x90, 16, 0xDD);
        std::apply([&](const auto&... part) { (Codec<std::decay_t<decltype(part)>>::write(body, part), ...); }, value);
        to.extension(TUPLE, body.out);
    }
};

template <class Tuple, class... T>
struct TupleRow {
    static constexpr char code = NumberTuple<T...>::code;
    static constexpr char shape = 't';
    static std::size_t width(const Tuple&) { return sizeof...(T); }
    static bool fits(const Tuple& row) {
        return std::apply([](const auto&... part) { return (fits_64_bits(part) && ...); }, row);
    }
    static void append(std::string& out, const Tuple& row) {
        std::apply([&](const auto&... part) { (append_number(out, part), ...); }, row);
    }
    static Tuple read(const Byte* data, std::size_t width, char code) {
        if (width != sizeof...(T)) throw Malformed("a row has another length");
        return Tuple{packed_number<T>((data += 8) - 8, code)...};
    }
};

template <class A, class B>
struct Codec<std::pair<A, B>> : TupleCodec<std::pair<A, B>, A, B> {};
template <class... T>
struct Codec<std::tuple<T...>> : TupleCodec<std::tuple<T...>, T...> {};
template <class A, class B>
struct Row<std::pair<A, B>> : TupleRow<std::pair<A, B>, A, B> {};
template <class A, class... T>
struct Row<std::tuple<A, T...>> : TupleRow<std::tuple<A, T...>, A, T...> {};

template <class T>
    requires is_number<T>
struct Row<std::vector<T>> {
    static constexpr char code = code_of<T>;
    static constexpr char shape = 'l';
    static std::size_t width(const std::vector<T>& row) { return row.size(); }
    static bool fits(const std::vector<T>& row) {
        for (const T& part : row)
            if (!fits_64_bits(part)) return false;
        return true;
    }
    static void append(std::string& out, const std::vector<T>& row) {
        for (const T& part : row) append_number(out, part);
    }
    static std::vector<T> read(const Byte* data, std::size_t width, char code) {
        std::vector<T> row(width);
        for (std::size_t at = 0; at < width; ++at) row[at] = packed_number<T>(data + 8 * at, code);
        return row;
    }
};

// --- lists -----------------------------------------------------------------------------------------------------------

template <class T>
struct Codec<std::vector<T>> {
    static std::vector<T> read(Reader& from) {
        if (!from.at_extension()) return read_items(from);
        const Reader::Extension found = from.extension();
        if (found.code == TUPLE) return read_items(from);
        if (found.code == PACKED) {
            if constexpr (is_number<T>) return read_packed(from, found.length);
        } else if (found.code == ROWS) {
            if constexpr (Row<T>::code != 0) return read_rows(from, found.length);
        }
        throw Malformed("a list of another type was expected");
    }

    static void write(Writer& to, const std::vector<T>& value) {
        if constexpr (is_number<T>) {
            if (value.size() >= PACK_FROM && Row<std::vector<T>>::fits(value)) {
                to.open_extension(PACKED, 1 + 8 * value.size());
                to.byte(code_of<T>);
                return Row<std::vector<T>>::append(to.out, value);
            }
        } else if constexpr (Row<T>::code != 0) {
            if (are_rows(value)) return write_rows(to, value);
        }
        to.head(value.size(), 0x90, 16, 0xDD);
        for (const auto& item : value) Codec<T>::write(to, item);
    }

   private:
    static std::vector<T> read_items(Reader& from) {
        std::vector<T> value;
        for (std::size_t left = from.items(); left > 0; --left) value.push_back(Codec<T>::read(from));
        return value;
    }

    static std::vector<T> read_packed(Reader& from, std::size_t length) {
        const char code = static_cast<char>(*from.take(1));
        return Row<std::vector<T>>::read(from.take(length - 1), (length - 1) / 8, code);
    }

    static std::vector<T> read_rows(Reader& from, std::size_t length) {
        const char code = static_cast<char>(*from.take(2));
        std::uint32_t width;
        std::memcpy(&width, from.take(4), 4);
        const std::size_t count = width == 0 ? 0 : (length - 6) / 8 / width;
        const Byte* data = from.take(length - 6);
        std::vector<T> value;
        value.reserve(count);
        for (std::size_t row = 0; row < count; ++row, data += 8 * width) value.push_back(Row<T>::read(data, width, code));
        return value;
    }

    static bool are_rows(const std::vector<T>& value) {
        if (value.size() < 2) return false;
        const std::size_t width = Row<T>::width(value.front());
        if (width == 0 || width * value.size() < PACK_FROM) return false;
        for (const T& row : value)
            if (Row<T>::width(row) != width || !Row<T>::fits(row)) return false;
        return true;
    }

    static void write_rows(Writer& to, const std::vector<T>& value) {
        const std::uint32_t width = static_cast<std::uint32_t>(Row<T>::width(value.front()));
        to.open_extension(ROWS, 6 + std::size_t{8} * width * value.size());
        to.byte(Row<T>::code);
        to.byte(Row<T>::shape);
        to.out.append(reinterpret_cast<const char*>(&width), 4);
        for (const T& row : value) Row<T>::append(to.out, row);
    }
};

// --- mappings and arrays ---------------------------------------------------------------------------------------------

template <class Map>
struct MapCodec {
    static Map read(Reader& from) {
        Map value;
        for (std::size_t left = from.pairs(); left > 0; --left) {
            auto key = Codec<typename Map::key_type>::read(from);
            value.emplace(std::move(key), Codec<typename Map::mapped_type>::read(from));
        }
        return value;
    }
    static void write(Writer& to, const Map& value) {
        to.head(value.size(), 0x80, 16, 0xDF);
        for (const auto& [key, item] : value) {
            Codec<typename Map::key_type>::write(to, key);
            Codec<typename Map::mapped_type>::write(to, item);
        }
    }
};

template <class... T>
struct Codec<std::map<T...>> : MapCodec<std::map<T...>> {};
template <class... T>
struct Codec<std::unordered_map<T...>> : MapCodec<std::unordered_map<T...>> {};

template <class T>
constexpr const char* dtype() {
    if constexpr (std::is_same_v<T, bool>) return "|b1";
    else if constexpr (std::is_same_v<T, std::complex<double>>) return "<c16";
    else if constexpr (std::is_floating_point_v<T>) return sizeof(T) == 4 ? "<f4" : "<f8";
    else return sizeof(T) == 4 ? "<i4" : "<i8";
}

template <class T>
struct Codec<Array<T>> {
    static Array<T> read(Reader& from) {
        from.expect(ARRAY);
        if (from.items() != 3 || from.text() != dtype<T>()) throw Malformed("an array of another dtype was expected");
        Array<T> value;
        for (const std::uint64_t extent : Codec<std::vector<std::uint64_t>>::read(from)) value.shape.push_back(extent);
        const std::string_view data = from.bytes();
        value.data.resize(data.size() / sizeof(typename Array<T>::Element));
        std::memcpy(value.data.data(), data.data(), data.size());
        return value;
    }
    static void write(Writer& to, const Array<T>& value) {
        std::size_t size = 1;
        for (const std::size_t extent : value.shape) size *= extent;
        if (size != value.data.size()) throw Refused("a returned array has other elements than its shape says");
        Writer body;
        body.byte(0x93);
        body.text(dtype<T>());
        Codec<std::vector<std::uint64_t>>::write(body, {value.shape.begin(), value.shape.end()});
        body.bytes(value.data.data(), size * sizeof(typename Array<T>::Element));
        to.extension(ARRAY, body.out);
    }
};

}  // namespace judge_inside

// The one name of ours that a submission sees; without an array in the signature the name is the submission's own.
#ifdef JUDGE_ARRAYS
namespace judge {
using judge_inside::Array;
}
#endif
