// The candidate's end of the oracles of a call: functions that send a question on the channel and wait for the reply.
//
// Everything that matters (counting, types, the budget, the answer) is on the judge's side: whoever forges questions
// here gets what an honest asker gets. For honest programs with threads, child processes and signal handlers, one
// question is asked at a time: the asker holds a token, a byte in a pipe that all processes of the call share, and
// signals wait meanwhile. In C++ an oracle is a ``std::function``, or whatever can be made of a function object.
#pragma once
#include <functional>

#include "wire.hpp"

namespace judge_inside {

// The call that the oracles belong to.
struct Asking {
    std::int64_t identity = 0;
    int token[2] = {-1, -1};
    bool open = false;
};
inline Asking asking;

// While it lives signals wait, and nobody else asks.
class Turn {
   public:
    Turn() {
        sigset_t every;
        sigfillset(&every);
        sigprocmask(SIG_BLOCK, &every, &before_);
        while (read(asking.token[0], &token_, 1) < 0 && errno == EINTR) continue;
    }
    ~Turn() {
        while (write(asking.token[1], &token_, 1) < 0 && errno == EINTR) continue;
        sigprocmask(SIG_SETMASK, &before_, nullptr);
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    sigset_t before_;
    char token_ = 't';
};

// What the judge replied: a value as bytes, or what is wrong with the question.
struct Reply {
    std::string data;
    std::string_view value;
    std::optional<std::string> error;

    void parse() {
        Reader from(reinterpret_cast<const Byte*>(data.data()), data.size());
        for (std::size_t keys = from.pairs(); keys > 0; --keys) {
            const std::string_view key = from.text();
            if (key == "id") from.integer();
            else if (key == "type") Codec<bool>::read(from);
            else if (key == "kind") from.text();
            else if (from.take_none()) continue;
            else if (key == "value") value = from.bytes();
            else error = std::string(from.text());
        }
    }
};

inline Reply asked(std::string& question) {
    const Turn turn;
    send_frame(question);
    Byte head[4];
    if (!get_all(head, 4)) throw std::runtime_error("the judge is gone");
    Reply reply;
    reply.data.resize(Reader(head, 4).number(4));
    if (!get_all(reinterpret_cast<Byte*>(reply.data.data()), reply.data.size())) throw std::runtime_error("the judge is gone");
    return reply;
}

template <class R, class Arguments>
R ask(const char* oracle, const Arguments& arguments) {
    if (!asking.open) throw std::logic_error(std::string("the oracle '") + oracle + "' was asked after the call that it was given to");
    Writer question = frame_of("ask", 4, asking.identity), body;
    try {
        Codec<Arguments>::write(body, arguments);
    } catch (const Refused&) {
        throw std::invalid_argument(std::string(oracle) + ": an argument has no encoding");
    }
    question.text("oracle");
    question.text(oracle);
    question.text("arguments");
    question.bytes(body.out.data(), body.out.size());
    Reply reply = asked(question.out);
    try {
        reply.parse();
        if (!reply.error) {
            Reader from(reinterpret_cast<const Byte*>(reply.value.data()), reply.value.size());
            return Codec<R>::read(from);
        }
    } catch (const Malformed& error) {
        std::fprintf(stderr, "judge: a reply cannot be read: %s\n", error.what());
        _exit(BROKEN);
    }
    throw std::invalid_argument(*reply.error);
}

// An oracle; ``Named`` has its name: no macro of a submission's is likely to have the names that the driver uses.
template <class Named, class R, class... A>
struct Oracle {
    R operator()(A... arguments) const { return ask<R>(Named::judge_inside_name, std::tuple<A...>(std::move(arguments)...)); }
};

template <class Named, class R, class... A>
constexpr bool is_oracle<Oracle<Named, R, A...>> = true;

template <class... P>
    requires(is_oracle<P> || ...)
class Session<P...> {
   public:
    explicit Session(const Question& question) {
        if (pipe(asking.token) != 0) _exit(BROKEN);
        if (write(asking.token[1], "t", 1) != 1) _exit(BROKEN);
        asking.identity = question.identity;
        asking.open = true;
    }
    ~Session() {
        asking.open = false;
        close(asking.token[0]);
        close(asking.token[1]);
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
};

}  // namespace judge_inside
