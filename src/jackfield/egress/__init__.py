"""The only door to the network: which addresses may be reached, and the client that reaches them.

Import from the modules (`egress.client`, `egress.pools`, `egress.policy`): aiohttp takes 0.2 s to import,
so nothing is loaded here.
"""
