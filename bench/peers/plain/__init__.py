"""The desk's loop as a Django team writes it: ORM get, check, save, a row of history, `group_send`. No promises.

Served by the product's own server entry and middleware, so that only what stands behind the address differs.
"""
