"""CLOCKS: one complaint's clocks — started, paused, met, stored; the ledger's only writer."""
