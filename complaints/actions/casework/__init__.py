"""CASEWORK: what is done beside the eighteen criteria."""
