"""Many clients at once: in processes of their own (`load`, `clients`), or in this one (`crowd`).

`charts` draws what they met. May import: servers, figures, look, ground.
"""
