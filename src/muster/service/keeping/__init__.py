"""Memberships that keep themselves right: what changed is evaluated, what is due is synced, each by who holds the lease."""
