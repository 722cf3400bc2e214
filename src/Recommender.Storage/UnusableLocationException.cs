namespace Recommender.Storage;

/// <summary>A URI with which no store can be opened. The message says what is wrong with it, and nothing that could be of its password.</summary>
public sealed class UnusableLocationException(string message) : ArgumentException(message);
