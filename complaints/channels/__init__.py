"""CUSTOMERS' WAYS IN: portal, e-mail, import and the API, all turned into the same steps.

`bodies` and `nouns` say what may be sent and which step takes it; pages read their forms through
them too. No rule is decided here and no select is built here.
"""
