namespace Recommender.Tuning;

/// <summary>
/// Marks a setting of a recipe that tuning tries, and between which values good ones are expected. Narrower than the setting's range:
/// that says what works at all.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SearchedAttribute(double low, double high) : Attribute
{
    public double Low => low;

    public double High => high;

    /// <summary>Steps multiply instead of adding: for settings whose order of magnitude is what matters. Both ends are then above 0.</summary>
    public bool Logarithmic { get; set; }
}
