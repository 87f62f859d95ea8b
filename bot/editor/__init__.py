"""The editors' tools: plain functions over the content, and thin commands in front of them."""
