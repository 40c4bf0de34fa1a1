// Calls of a class's methods, one after the other on one object.
//
// What the driver says of a method is a struct M, whose members' names all begin with ``judge_inside_`` because no macro
// of a submission's is likely to: its ``name``, whether its result is ``taken``, the tuple of its
// ``Arguments``, and two functions: ``call``, which is there for arguments that the method takes, and ``told``, which is
// compiled when it takes none of the problem's, so that the compiler says why. The first M is the constructor.
//
// To wire.hpp it is a function of one argument. A result is written when its call has returned, so that a later call
// cannot change it. The object is destroyed before the answer is sent.
#pragma once
#include <variant>

#include "wire.hpp"

namespace judge_inside {

// The calls of a test, each as the number of its method and its arguments.
template <class... M>
struct Calls {
    std::vector<std::variant<typename M::judge_inside_Arguments...>> made;
};

template <class... M>
struct Codec<Calls<M...>> {
    static Calls<M...> read(Reader& from) {
        Calls<M...> calls;
        for (std::size_t left = from.items(); left > 0; --left) {
            from.expect(TUPLE);
            const std::size_t parts = from.items();
            const std::string_view name = from.text();
            if (!one_of(calls, name, parts, from, std::index_sequence_for<M...>())) throw Malformed("a call of no method");
        }
        return calls;
    }

    static void write(Writer& to, const Calls<M...>& calls) {
        to.head(calls.made.size(), 0x90, 16, 0xDD);
        for (const auto& call : calls.made) write_one(to, call, std::index_sequence_for<M...>());
    }

   private:
    template <std::size_t... I>
    static bool one_of(Calls<M...>& calls, std::string_view name, std::size_t parts, Reader& from, std::index_sequence<I...>) {
        return (read_one<I, M>(calls, name, parts, from) || ...);
    }

    template <std::size_t I, class Method>
    static bool read_one(Calls<M...>& calls, std::string_view name, std::size_t parts, Reader& from) {
        using Arguments = typename Method::judge_inside_Arguments;
        if (name != Method::judge_inside_name) return false;
        if (parts != 1 + std::tuple_size_v<Arguments>) throw Malformed("another number of arguments was expected");
        calls.made.emplace_back(std::in_place_index<I>, arguments(from, static_cast<Arguments*>(nullptr)));
        return true;
    }

    template <class... P>
    static std::tuple<P...> arguments([[maybe_unused]] Reader& from, std::tuple<P...>*) {
        return std::tuple<P...>{Codec<P>::read(from)...};  // in their order, for the braces
    }

    template <class Call, std::size_t... I>
    static void write_one(Writer& to, const Call& call, std::index_sequence<I...>) {
        Writer body;
        ((call.index() == I ? write_call<M>(body, std::get<I>(call)) : void()), ...);
        to.extension(TUPLE, body.out);
    }

    template <class Method, class Arguments>
    static void write_call(Writer& body, const Arguments& arguments) {
        body.head(1 + std::tuple_size_v<Arguments>, 0x90, 16, 0xDD);
        body.text(Method::judge_inside_name);
        std::apply([&](const auto&... part) { (Codec<std::decay_t<decltype(part)>>::write(body, part), ...); }, arguments);
    }
};

// What the calls have returned, as it is sent.
struct Results {
    std::size_t count = 0;
    Writer written;

    // The pair of a method's name and its result, or none.
    template <class T>
    void add(const char* name, const T& result) {
        Writer body;
        body.head(2, 0x90, 16, 0xDD);
        body.text(name);
        Codec<T>::write(body, result);
        written.extension(TUPLE, body.out);
        ++count;
    }
};

template <>
struct Codec<Results> {
    static void write(Writer& to, const Results& results) {
        to.head(results.count, 0x90, 16, 0xDD);
        to.out += results.written.out;
    }
};

// Calls a method with arguments that stay as they are where it can be called so.
template <class M, class F, class... P>
decltype(auto) call_method(F& function, std::tuple<P...>& arguments) {
    if constexpr (std::is_invocable_v<F&, P&...> || std::is_invocable_v<F&, P...>) return call(function, arguments, true);
    else return std::apply([](auto&... part) { return M::judge_inside_told(part...); }, arguments);
}

template <class S, class Constructor, class... M>
struct Sequence {
    Results operator()(Calls<Constructor, M...>& calls) const {
        std::unique_ptr<S> subject;
        Results results;
        for (auto& made : calls.made) {
            where = {results.count, ""};
            if (made.index() == 0) {
                where.method = Constructor::judge_inside_name;
                construct(subject, std::get<0>(made));
                results.add(Constructor::judge_inside_name, std::nullopt);
            } else if (subject == nullptr) {
                throw Malformed("a call before the constructor's");
            } else {
                step(*subject, made, results, std::index_sequence_for<M...>());
            }
        }
        subject.reset();
        where = {};
        return results;
    }

   private:
    template <class Arguments>
    static void construct(std::unique_ptr<S>& subject, Arguments& arguments) {
        auto made = []<class... A>(A&&... a) -> decltype(Constructor::judge_inside_call(static_cast<A&&>(a)...)) {
            return Constructor::judge_inside_call(static_cast<A&&>(a)...);
        };
        subject.reset(call_method<Constructor>(made, arguments));
    }

    template <class Made, std::size_t... I>
    static void step(S& subject, Made& made, Results& results, std::index_sequence<I...>) {
        ((made.index() == I + 1 ? one<M>(subject, std::get<I + 1>(made), results) : void()), ...);
    }

    template <class Method, class Arguments>
    static void one(S& subject, Arguments& arguments, Results& results) {
        where.method = Method::judge_inside_name;
        auto called = [&]<class... A>(A&&... a) -> decltype(Method::judge_inside_call(subject, static_cast<A&&>(a)...)) {
            return Method::judge_inside_call(subject, static_cast<A&&>(a)...);
        };
        if constexpr (!Method::judge_inside_taken) {
            call_method<Method>(called, arguments);
            results.add(Method::judge_inside_name, std::nullopt);
        } else {
            using Result = std::decay_t<decltype(call_method<Method>(called, arguments))>;
            static_assert(!std::is_void_v<Result>, "a method returns nothing that must return something: see the starter code");
            results.add<Result>(Method::judge_inside_name, call_method<Method>(called, arguments));
        }
    }
};

template <class S, class... M>
int start_class(int count, char** arguments) {
    return judge_inside_start<Calls<M...>>(Sequence<S, M...>(), count, arguments);
}

}  // namespace judge_inside
