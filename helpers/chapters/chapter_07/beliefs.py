"""What chapter 07's wrong answers believe, beside what they share with chapter 06."""
