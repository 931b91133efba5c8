"""The demo's world: made of a seed and a day, the same every time, and nothing in it pretends to be a real person."""
