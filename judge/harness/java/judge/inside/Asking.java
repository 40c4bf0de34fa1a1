package judge.inside;

import java.io.IOException;
import java.io.UncheckedIOException;
import judge.Oracle0;
import judge.Oracle1;
import judge.Oracle2;
import judge.Oracle3;
import judge.Oracle4;

/**
 * The candidate's end of an oracle of one call: it sends a question on the channel and waits for the reply. One question
 * is asked at a time. Counting, types, the budget and the answer are on the judge's side.
 */
final class Asking
        implements Oracle0<Object>,
                Oracle1<Object, Object>,
                Oracle2<Object, Object, Object>,
                Oracle3<Object, Object, Object, Object>,
                Oracle4<Object, Object, Object, Object, Object> {
    private final String name;
    private final Type returns;
    private final Channel channel;
    private final long identity;
    private boolean open = true;

    Asking(String name, Type returns, Channel channel, long identity) {
        this.name = name;
        this.returns = returns;
        this.channel = channel;
        this.identity = identity;
    }

    /** From now on it cannot be asked. */
    void close() {
        synchronized (channel) {
            open = false;
        }
    }

    @Override
    public Object ask() {
        return answer();
    }

    @Override
    public Object ask(Object first) {
        return answer(first);
    }

    @Override
    public Object ask(Object first, Object second) {
        return answer(first, second);
    }

    @Override
    public Object ask(Object first, Object second, Object third) {
        return answer(first, second, third);
    }

    @Override
    public Object ask(Object first, Object second, Object third, Object fourth) {
        return answer(first, second, third, fourth);
    }

    private Object answer(Object... given) {
        synchronized (channel) {
            if (!open) {
                throw new IllegalStateException("the oracle '" + name + "' was asked after the call that it was given to");
            }
            try {
                channel.send(question(given));
                byte[] reply = channel.receive();
                if (reply == null) {
                    throw new IllegalStateException("the judge is gone");
                }
                return value(new Reader(reply));
            } catch (IOException error) {
                throw new UncheckedIOException(error);
            }
        }
    }

    private Writer question(Object[] given) {
        Writer arguments = new Writer();
        try {
            arguments.tuple(given);
        } catch (Refused error) {
            throw new IllegalArgumentException(name + ": an argument has no encoding: " + error.getMessage());
        }
        Writer frame = Channel.frame("ask", 4, identity);
        frame.text("oracle");
        frame.text(name);
        frame.text("arguments");
        frame.bytes(arguments.written());
        return frame;
    }

    private Object value(Reader from) {
        byte[] value = null;
        String error = null;
        for (int pairs = from.pairs(); pairs > 0; --pairs) {
            switch (from.text()) {
                case "id" -> from.integer();
                case "type" -> from.bool();
                case "value" -> value = from.takeNone() ? null : from.bytes();
                case "error" -> error = from.takeNone() ? null : from.text();
                default -> from.text();
            }
        }
        if (error != null) {
            throw new IllegalArgumentException(error);
        }
        return returns.read(new Reader(value));
    }
}
