package judge.inside;

import java.util.ArrayList;
import java.util.List;

/**
 * Calls of a class's methods, one after the other on one object, and what they have returned.
 *
 * <p>A result is written when its call has returned, so that a later call cannot change it.
 */
public final class Calls {
    /** One call: its method, by number and name, and its arguments. */
    private record Made(int method, String name, Object[] arguments) {}

    private final List<Made> made = new ArrayList<>();
    private final Writer results = new Writer();
    private int at = -1;

    Calls() {}

    /** What reads calls; the methods' names and the types of their parameters, the constructor first. */
    static Type type(String[] names, Type[][] parameters) {
        return new Type() {
            @Override
            Object read(Reader from) {
                Calls calls = new Calls();
                for (int left = from.items(); left > 0; --left) {
                    from.expect(Wire.TUPLE);
                    int parts = from.items();
                    int method = numberOf(from.text(), names);
                    if (parts != 1 + parameters[method].length) {
                        throw new Malformed("another number of arguments was expected");
                    }
                    Object[] arguments = new Object[parts - 1];
                    for (int at = 0; at < arguments.length; ++at) {
                        arguments[at] = parameters[method][at].read(from);
                    }
                    calls.made.add(new Made(method, names[method], arguments));
                }
                return calls;
            }
        };
    }

    private static int numberOf(String name, String[] names) {
        for (int at = 0; at < names.length; ++at) {
            if (names[at].equals(name)) {
                return at;
            }
        }
        throw new Malformed("a call of no method");
    }

    /** Goes on to the next call; false when there is none. */
    public boolean next() {
        return ++at < made.size();
    }

    /** The number of the method that is called. */
    public int method() {
        return made.get(at).method();
    }

    /** The arguments of the call. */
    public Object[] arguments() {
        return made.get(at).arguments();
    }

    /** Takes what the call has returned; null for nothing. */
    public void done(Object result) {
        int start = results.open(0xC9);
        results.put(Wire.TUPLE);
        results.list(2);
        results.text(made.get(at).name());
        results.value(result);
        results.close(start, 1);
    }

    /** Writes the pairs of a method's name and its result. */
    void write(Writer to) {
        to.list(made.size());
        to.put(results.written());
    }

    /** Writes the arguments as they are now. */
    void writeArguments(Writer to) {
        for (Made call : made) {
            for (Object argument : call.arguments()) {
                to.value(argument);
            }
        }
    }

    /** The call that is being made, for messages; empty when there is none. */
    String where() {
        return 0 <= at && at < made.size() ? " (call " + at + ", " + made.get(at).name() + ")" : "";
    }
}
