import numpy as np


def assign_ads(values):
    return np.argmax(values, axis=1)  # two ads may want the same slot
