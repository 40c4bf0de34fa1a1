from math import sqrt


def adam_step(parameters, gradient, first_moment, second_moment, step, learning_rate, beta1, beta2, epsilon):
    moved, first, second = [], [], []
    filled1, filled2 = 1 - beta1**step, 1 - beta2**step
    for p, g, m, v in zip(parameters.tolist(), gradient.tolist(), first_moment.tolist(), second_moment.tolist()):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        moved.append(p - learning_rate * (m / filled1) / (sqrt(v / filled2) + epsilon))
        first.append(m)
        second.append(v)
    return moved, first, second
