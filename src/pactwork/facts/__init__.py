"""Facts: a case folder becomes a ledger of sourced figures, with every problem located and every rival kept."""
