import math

import numpy as np


def adam_step(parameters, gradient, first_moment, second_moment, step, learning_rate, beta1, beta2, epsilon):
    m = beta1 * first_moment + (1 - beta1) * gradient
    v = beta2 * second_moment + (1 - beta2) * gradient**2
    filled1, filled2 = (-math.expm1(step * math.log(beta)) for beta in (beta1, beta2))  # ValueError for a beta of 0
    return parameters - learning_rate * (m / filled1) / (np.sqrt(v / filled2) + epsilon), m, v
