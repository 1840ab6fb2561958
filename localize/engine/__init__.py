"""Store, receipts, plan and the local runner."""
