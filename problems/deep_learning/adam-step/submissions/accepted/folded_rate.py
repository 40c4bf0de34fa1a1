"""Both corrections are folded into the rate, and epsilon is made smaller to match."""

import numpy as np


def adam_step(parameters, gradient, first_moment, second_moment, step, learning_rate, beta1, beta2, epsilon):
    m = first_moment + (1 - beta1) * (gradient - first_moment)
    v = second_moment + (1 - beta2) * (gradient * gradient - second_moment)
    root = np.sqrt(-np.expm1(step * np.log(beta2))) if beta2 > 0 else 1.0
    rate = learning_rate * root / (1 - beta1**step)
    parameters -= rate * m / (np.sqrt(v) + epsilon * root)
    return [parameters, m, v]
