package judge;

/** A complex number. */
public record Complex(double re, double im) {}
