"""COMMITMENTS: how one stands and when it is in the way; what an organisation says of them."""
