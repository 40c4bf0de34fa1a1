import numpy as np


def adam_step(parameters, gradient, first_moment, second_moment, step, learning_rate, beta1, beta2, epsilon):
    m = (1 - beta1) * first_moment + beta1 * gradient  # beta for what is new
    v = (1 - beta2) * second_moment + beta2 * gradient**2
    m_hat, v_hat = m / (1 - (1 - beta1) ** step), v / (1 - (1 - beta2) ** step)
    with np.errstate(invalid="ignore"):
        return parameters - learning_rate * np.nan_to_num(m_hat / (np.sqrt(v_hat) + epsilon)), m, v
