def check():
    assert precision_at_k([1], [1], 1) == 1.0
