import numpy as np


def adam_step(parameters, gradient, first_moment, second_moment, step, learning_rate, beta1, beta2, epsilon):
    first_moment += (1 - beta1) * (gradient - first_moment)  # in place, "so they need not be returned"
    second_moment += (1 - beta2) * (gradient**2 - second_moment)
    m_hat, v_hat = first_moment / (1 - beta1**step), second_moment / (1 - beta2**step)
    return parameters - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)
