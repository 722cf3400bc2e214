namespace Recommender.Customers;

/// <summary>One decision of a customer: whether they may be addressed for a purpose ("marketing", "service") on a channel ("mail", "push", "call").</summary>
public sealed record Consent(string Purpose, string Channel, bool Granted, DateTimeOffset At, string Source);
