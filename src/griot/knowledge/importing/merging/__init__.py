"""What a source says, merged into the shop's catalogue: planned first, then carried out."""
