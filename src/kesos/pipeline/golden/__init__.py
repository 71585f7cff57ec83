"""Which value stands where sources differ, who lives and belongs where, and what each value rests on."""
