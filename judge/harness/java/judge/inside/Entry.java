package judge.inside;

/** What is written for each signature: the types of the parameters, and the call of the entry point. */
public interface Entry {
    /** The parameters' types, in their order. */
    Type[] parameters();

    /** Calls the entry point of the one instance of {@code Solution} that this object has made. */
    Object call(Object[] arguments) throws Throwable;
}
