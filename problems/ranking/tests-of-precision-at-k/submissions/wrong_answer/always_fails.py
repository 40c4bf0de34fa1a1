def test_no():
    raise AssertionError("no implementation is good enough")
