package judge.inside;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The process that holds a submission and answers calls of its entry point, by judge/harness/protocol.py.
 *
 * <p>{@code Main PROGRAM ISOLATION first|again}. It says READY before any of the candidate's classes is loaded. The
 * first process of a box is then asked to LOAD and says COMPILED and LOADED; one that follows it loads when it is
 * called. With isolation "test" a process ends after its call, unless the next one belongs to it as well. From the
 * moment that classes are loaded the process is the candidate's: it is trusted with nothing but its question.
 */
public final class Main {
    private static final long STACK_BYTES = 64L << 20;
    private final Channel channel = new Channel();
    private final Program program;
    private final boolean forks;
    private Entry entry;

    private Main(Program program, boolean forks) {
        this.program = program;
        this.forks = forks;
    }

    /** Starts the thread in which everything happens: it has a stack for deep recursions. */
    public static void main(String[] arguments) throws Exception {
        System.setIn(InputStream.nullInputStream());
        Main main = new Main(Program.read(arguments[0]), arguments[1].equals("test"));
        boolean first = arguments[2].equals("first");
        Thread thread = new Thread(null, new Runnable() {
            @Override
            public void run() {
                main.run(first);
            }
        }, "solution", STACK_BYTES);
        thread.start();
    }

    private void run(boolean first) {
        int status = 0;
        try {
            channel.tell("ready");
            if (!first || load()) {
                serve();
            }
        } catch (IOException | RuntimeException error) {
            System.err.println("judge: " + error);
            status = 70;
        }
        Runtime.getRuntime().halt(status);
    }

    private boolean load() throws IOException {
        if (channel.receive() == null) {
            return false;
        }
        channel.tell("compiled");
        try {
            enter();
        } catch (Throwable error) {
            flush();
            Writer frame = Channel.frame("failed", 5);
            frame.text("stage");
            frame.text("load");
            new Failure(error, program, "").write(frame);
            channel.send(frame);
            return false;
        }
        flush();
        channel.tell("loaded");
        return true;
    }

    private void enter() throws Throwable {
        Class<?> kind = Class.forName(Program.ENTRY, true, new Program.Loader(program));
        try {
            entry = (Entry) kind.getDeclaredConstructor().newInstance();
        } catch (java.lang.reflect.InvocationTargetException error) {
            throw error.getCause();
        }
    }

    private void serve() throws IOException {
        boolean more = true;
        while (more) {
            byte[] frame = channel.receive();
            if (frame == null) {
                return;
            }
            Question question = new Question(frame);
            channel.send(answer(question));
            more = question.more || !forks;
        }
    }

    private Writer answer(Question question) {
        Writer frame = Channel.frame("answer", 4, question.identity);
        Object[] arguments = {};
        try {
            if (entry == null) {
                enter();
            }
            arguments = question.arguments(entry.parameters(), channel);
            byte[] before = question.audited ? encoded(arguments) : null;
            Object result = entry.call(arguments);
            close(arguments);
            frame.text("value");
            int start = frame.open(0xC6);
            if (result instanceof Calls calls) {
                calls.write(frame);
            } else {
                frame.value(result);
            }
            frame.close(start, 0);
            frame.text("audit");
            audit(frame, before, arguments);
        } catch (Malformed error) {
            throw error;
        } catch (Refused error) {
            frame = refused(question, error, where(arguments));
        } catch (Throwable error) {
            frame = Channel.frame("raised", 5, question.identity);
            new Failure(error, program, where(arguments)).write(frame);
        }
        close(arguments);
        flush();
        return frame;
    }

    /** The oracles of a call that is over cannot be asked. */
    private static void close(Object[] arguments) {
        for (Object argument : arguments) {
            if (argument instanceof Asking oracle) {
                oracle.close();
            }
        }
    }

    /** Of a class: the call that is being made. */
    private static String where(Object[] arguments) {
        return arguments.length == 1 && arguments[0] instanceof Calls calls ? calls.where() : "";
    }

    private static Writer refused(Question question, Refused error, String where) {
        Writer frame = Channel.frame("refused", 4, question.identity);
        frame.text("message");
        frame.text(Channel.shown(error.getMessage() + where));
        frame.text("limit");
        frame.bool(error.limit);
        return frame;
    }

    /** Whether the call changed its arguments. Java has no global random generator that could be seeded or read. */
    private static void audit(Writer frame, byte[] before, Object[] arguments) {
        if (before == null) {
            frame.none();
            return;
        }
        frame.map(2);
        frame.text("mutated");
        frame.bool(!Arrays.equals(before, encoded(arguments)));
        frame.text("random");
        frame.bool(false);
    }

    private static byte[] encoded(Object[] arguments) {
        Writer to = new Writer();
        for (Object argument : arguments) {
            if (argument instanceof Calls calls) {
                calls.writeArguments(to);
            } else if (!(argument instanceof Asking)) {
                to.value(argument);
            }
        }
        return to.written();
    }

    private static void flush() {
        try {
            System.out.flush();
            System.err.flush();
        } catch (Throwable error) {
            return; // a stream of the candidate's own
        }
    }
}
