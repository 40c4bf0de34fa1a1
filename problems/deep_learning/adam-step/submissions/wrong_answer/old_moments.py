import numpy as np


def adam_step(parameters, gradient, first_moment, second_moment, step, learning_rate, beta1, beta2, epsilon):
    m_hat, v_hat = first_moment / (1 - beta1**step), second_moment / (1 - beta2**step)  # before this gradient
    moved = parameters - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)
    return moved, beta1 * first_moment + (1 - beta1) * gradient, beta2 * second_moment + (1 - beta2) * gradient**2
