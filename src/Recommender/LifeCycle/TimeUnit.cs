namespace Recommender.LifeCycle;

/// <summary>
/// The unit of alpha and of the periods of a table. A rhythm is kept in days and a day's purchases count once in either unit, so
/// predictions do not depend on it.
/// </summary>
public enum TimeUnit { Day = 1, Week = 7 }
