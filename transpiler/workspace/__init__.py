"""Writing the emitted project: atomic, only below the output folder, never over a hand edit."""
