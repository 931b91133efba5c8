"""What Stripe did → our books. Every function may run twice; nothing here ever guesses."""
