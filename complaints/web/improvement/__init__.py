"""CORRECTIVE ACTIONS: listed, raised, carried out and verified; and the tree of causes."""
