"""The district's sheet: what each commune reported, side by side, each figure with the sentence that states it."""
