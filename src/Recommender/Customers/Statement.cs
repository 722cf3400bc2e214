namespace Recommender.Customers;

/// <summary>Where something stated is from: who said it ("customer", "staff", "shop", "import"), when, and how sure it is, 0 to 1.</summary>
public sealed record Statement(string Source, DateTimeOffset At, double Confidence);
