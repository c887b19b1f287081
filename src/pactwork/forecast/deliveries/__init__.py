"""Deliveries: when what was ordered will arrive, learnt from other deals and from a lot's own pace."""
