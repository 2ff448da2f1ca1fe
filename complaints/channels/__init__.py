"""WAYS IN FOR OTHERS: portal, import and the API, all turned into the same acts and steps.

What may be sent and which step takes it is said in `actions`. No rule is decided here and no
select is built here.
"""
