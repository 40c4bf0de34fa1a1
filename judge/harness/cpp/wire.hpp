// The process that holds a submission and answers calls of its entry point.
//
// ``judge_inside_start`` speaks judge/harness/protocol.py on the channel: LOADED, then for every CALL an ANSWER, RAISED or
// REFUSED. With isolation "test" every call is made in a fork, which answers by itself; this process waits for it,
// kills what it left behind, and says how it ended. From the program's first instruction on the process is the
// candidate's: it is trusted with nothing but the question that it is asked.
#pragma once
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <sys/syscall.h>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <unistd.h>
#include <utility>

#include "values.hpp"

namespace judge_inside {

// The system call, for <sys/wait.h> would take names that a submission may give to globals of its own: wait, waitpid. A
// variable of that name even takes the place of the library's function.
inline pid_t judge_waitpid(pid_t process, int* status, int options) {
    return static_cast<pid_t>(syscall(SYS_wait4, process, status, options, nullptr));
}

constexpr int CHANNEL = 3, BROKEN = 70;
constexpr std::size_t MAX_MESSAGE = 4096;

// --- frames ----------------------------------------------------------------------------------------------------------

inline bool get_all(Byte* data, std::size_t size) {
    while (size > 0) {
        const ssize_t done = read(CHANNEL, data, size);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        data += done;
        size -= static_cast<std::size_t>(done);
    }
    return true;
}

inline void send_frame(std::string& frame) {  // its first four bytes are room for its length
    Writer head;
    head.number(frame.size() - 4, 4);
    std::copy(head.out.begin(), head.out.end(), frame.begin());
    for (std::string_view left = frame; !left.empty();) {
        const ssize_t done = write(CHANNEL, left.data(), left.size());
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) _exit(BROKEN);
        left.remove_prefix(static_cast<std::size_t>(done));
    }
}

inline Writer frame_of(const char* kind, int keys, std::int64_t identity) {
    Writer frame;
    frame.out.assign(4, '\0');
    frame.byte(0x80 | keys);
    frame.text("kind");
    frame.text(kind);
    if (keys > 1) {
        frame.text("id");
        frame.byte(0xD3);
        frame.number(static_cast<std::uint64_t>(identity), 8);
    }
    return frame;
}

// One question, read from the channel.
class Question {
   public:
    std::int64_t identity = 0;
    std::optional<std::int64_t> audit;
    bool jailed = false;  // whether this process is a child of a jail's init
    pid_t owner = 0;  // the process that answers; one that the submission forked and that comes back here does not

    bool receive() {
        Byte head[4];
        if (!get_all(head, 4)) return false;
        size_ = Reader(head, 4).number(4);
        data_.reset(new Byte[size_]);
        return get_all(data_.get(), size_) && parse();
    }

    Reader arguments() const { return Reader(begin_, length_); }

   private:
    bool parse() {
        Reader from(data_.get(), size_);
        for (std::size_t keys = from.pairs(); keys > 0; --keys) {
            const std::string_view key = from.text();
            if (key == "id") identity = Codec<std::int64_t>::read(from);
            else if (key == "audit") audit = Codec<std::optional<std::int64_t>>::read(from);
            else if (key == "arguments") {
                const std::string_view found = from.bytes();
                begin_ = reinterpret_cast<const Byte*>(found.data());
                length_ = found.size();
            } else if (key == "oracles") {
                for (std::size_t named = from.pairs(); named > 0; --named) from.text(), from.integer();
            } else from.text();
        }
        return true;
    }

    std::unique_ptr<Byte[]> data_;
    std::size_t size_ = 0, length_ = 0;
    const Byte* begin_ = nullptr;
};

// --- one call --------------------------------------------------------------------------------------------------------

inline void flush() {
    std::cout.flush();
    std::clog.flush();
    std::fflush(nullptr);
}

inline std::string shown(std::string text) {
    if (text.size() > MAX_MESSAGE) {
        text.resize(MAX_MESSAGE);
        while (!text.empty() && (static_cast<Byte>(text.back()) & 0xC0) == 0x80) text.pop_back();
        if (!text.empty() && static_cast<Byte>(text.back()) >= 0xC0) text.pop_back();
    }
    if (!is_utf8(text))
        for (char& byte : text)
            if (static_cast<Byte>(byte) >= 0x80) byte = '?';
    return text;
}

// Of a class: the call that is being made, for messages.
struct Place {
    std::size_t number = 0;
    const char* method = nullptr;

    std::string after(const std::string& message) const {
        return method == nullptr ? message : message + " (call " + std::to_string(number) + ", " + method + ")";
    }
};
inline Place where;

inline void send_raised(std::int64_t identity, const std::string& type, const std::string& message) {
    Writer frame = frame_of("raised", 5, identity);
    frame.text("type");
    frame.text(shown(type).substr(0, 200));
    frame.text("message");
    frame.text(shown(where.after(message)));
    frame.text("frames");
    frame.byte(0x90);
    send_frame(frame.out);
}

inline void send_refused(std::int64_t identity, const std::string& message) {
    Writer frame = frame_of("refused", 4, identity);
    frame.text("message");
    frame.text(shown(where.after(message)));
    frame.text("limit");
    frame.byte(0xC2);
    send_frame(frame.out);
}

inline std::string name_of(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
    return status == 0 ? name.get() : type.name();
}

// Of what the judge answers, no argument is sent: oracles.hpp.
template <class P>
constexpr bool is_oracle = false;

// What has to be there while a call with such parameters is made.
template <class... P>
class Session {
   public:
    explicit Session(const Question&) {}
};

template <class P>
P read_argument([[maybe_unused]] Reader& from) {
    if constexpr (is_oracle<P>) return P();
    else return from.text(), Codec<P>::read(from);
}

template <class... P>
std::tuple<P...> read_arguments(const Question& question) {
    try {
        Reader from = question.arguments();
        constexpr std::size_t sent = (std::size_t{!is_oracle<P>} + ... + 0);
        if (from.pairs() != sent) throw Malformed("another number of arguments was expected");
        return std::tuple<P...>{read_argument<P>(from)...};
    } catch (const Malformed& error) {
        std::fprintf(stderr, "judge: the arguments cannot be read: %s\n", error.what());
        _exit(BROKEN);
    }
}

// What is noticed about a call besides its answer: whether it changed its arguments, or the state of std::rand.
template <class... P>
class Audit {
   public:
    Audit(std::int64_t seed, const std::tuple<P...>& arguments) : seed_(static_cast<unsigned>(seed)), before_(bytes(arguments)) {
        std::srand(seed_);
        next_ = std::rand();
        std::srand(seed_);
    }

    void write(Writer& to, const std::tuple<P...>& arguments) const {
        const bool random = std::rand() != next_;
        to.byte(0x82);
        to.text("mutated");
        Codec<bool>::write(to, bytes(arguments) != before_);
        to.text("random");
        Codec<bool>::write(to, random);
    }

   private:
    static std::string bytes(const std::tuple<P...>& arguments) {
        Writer to;
        std::apply([&](const auto&... part) { (write_part(to, part), ...); }, arguments);
        return to.out;
    }

    template <class T>
    static void write_part(Writer& to, const T& part) {
        if constexpr (!is_oracle<T>) Codec<T>::write(to, part);
    }

    unsigned seed_;
    int next_ = 0;
    std::string before_;
};

template <class F, class... P>
decltype(auto) call(F& function, std::tuple<P...>& arguments, bool keep) {
    constexpr bool lvalues = std::is_invocable_v<F&, P&...>, rvalues = std::is_invocable_v<F&, P...>;
    static_assert(lvalues || rvalues, "the solution's function does not take the problem's parameters: see the starter code");
    if constexpr (rvalues) {
        if constexpr (lvalues)
            if (keep) return std::apply(function, arguments);
        return std::apply(function, std::move(arguments));
    } else {
        return std::apply(function, arguments);
    }
}

inline void leave_unless_owner(const Question& question) {
    if (getpid() != question.owner) _exit(0);
}

template <class... P, class F>
void answer(F& function, Question& question) {
    question.owner = getpid();
    where = {};
    std::tuple<P...> arguments = read_arguments<P...>(question);
    [[maybe_unused]] const Session<P...> session(question);
    std::optional<Audit<P...>> audit;
    if (question.audit) audit.emplace(*question.audit, arguments);
    Writer frame = frame_of("answer", 4, question.identity);
    frame.text("value");
    frame.byte(0xC6);
    const std::size_t room = frame.out.size();
    frame.number(0, 4);
    try {
        using Result = std::decay_t<decltype(call(function, arguments, false))>;
        static_assert(!std::is_void_v<Result>, "the solution's function returns nothing: see the starter code");
        const Result result = call(function, arguments, question.audit.has_value());
        leave_unless_owner(question);
        Codec<Result>::write(frame, result);
    } catch (const Refused& error) {
        flush();
        return send_refused(question.identity, error.what());
    } catch (const std::exception& error) {
        leave_unless_owner(question);
        flush();
        return send_raised(question.identity, name_of(typeid(error)), error.what());
    } catch (...) {
        leave_unless_owner(question);
        flush();
        const std::type_info* type = abi::__cxa_current_exception_type();
        return send_raised(question.identity, type == nullptr ? "an exception" : name_of(*type), "");
    }
    Writer length;
    length.number(frame.out.size() - room - 4, 4);
    std::copy(length.out.begin(), length.out.end(), frame.out.begin() + static_cast<std::ptrdiff_t>(room));
    frame.text("audit");
    audit ? audit->write(frame, arguments) : frame.byte(0xC0);
    flush();
    send_frame(frame.out);
}

// --- all calls -------------------------------------------------------------------------------------------------------

// Kills what a call left behind; this process and PID 1 are spared by kill(-1). Nothing is killed outside a jail, where
// the parent is not the init of a namespace.
inline void sweep(bool jailed) {
    if (!jailed) return;
    kill(-1, SIGKILL);
    while (judge_waitpid(-1, nullptr, 0) > 0 || errno == EINTR) continue;
}

inline void send_ended(std::int64_t identity, int status) {
    Writer frame = frame_of("ended", 4, identity);
    const bool killed = WIFSIGNALED(status);
    frame.text("exit");
    killed ? frame.byte(0xC0) : frame.integer(WEXITSTATUS(status));
    frame.text("signal");
    killed ? frame.integer(WTERMSIG(status)) : frame.byte(0xC0);
    send_frame(frame.out);
}

template <class... P, class F>
void answer_in_fork(F& function, Question& question) {
    flush();
    const pid_t child = fork();
    if (child < 0) _exit(BROKEN);
    if (child == 0) {
        answer<P...>(function, question);
        _exit(0);
    }
    int status = 0;
    while (judge_waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    sweep(question.jailed);
    send_ended(question.identity, status);
}

// What the driver calls, after the submission: no macro of a submission's is likely to have its name.
template <class... P, class F>
int judge_inside_start(F function, int count, char** arguments) {
    const bool forks = count > 1 && std::string_view(arguments[1]) == "test";
    const bool jailed = getppid() == 1;
    flush();
    Writer loaded = frame_of("loaded", 1, 0);
    send_frame(loaded.out);
    for (;;) {
        Question question;
        question.jailed = jailed;
        if (!question.receive()) return 0;
        forks ? answer_in_fork<P...>(function, question) : answer<P...>(function, question);
    }
}

}  // namespace judge_inside
