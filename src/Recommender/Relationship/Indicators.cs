using System.Globalization;

namespace Recommender.Relationship;

/// <summary>
/// Satisfaction and relational intensity, 0 to 100, from summaries. A part of which nothing is known is left out, and with no part known
/// the figure is unknown: silence is neither praise nor blame. Keeping what was bought says nothing either; bringing it back does.
/// </summary>
public sealed class Indicators(IndicatorOptions options)
{
    // Evidence that has faded to this is forgotten: about four half-lives after one answer.
    private const double Forgotten = 0.05;

    private readonly IndicatorOptions _options = options.Validated();

    private readonly record struct Part(double Value, double Weight);

    /// <summary>How happy the person seems, 0 to 100; null where unknown.</summary>
    public double? Satisfaction(in RelationshipSummary person, DateOnly on)
    {
        Span<Part> parts = stackalloc Part[4];
        SatisfactionParts(person, on, parts);
        return Score(parts);
    }

    /// <summary>How close the relationship is, 0 to 100; null where unknown.</summary>
    public double? Intensity(in RelationshipSummary person, DateOnly on)
    {
        Span<Part> parts = stackalloc Part[4];
        IntensityParts(person, on, parts);
        return Score(parts);
    }

    /// <summary><see cref="Satisfaction"/> with its parts.</summary>
    public Indicator ExplainSatisfaction(in RelationshipSummary person, DateOnly on)
    {
        Span<Part> parts = stackalloc Part[4];
        SatisfactionParts(person, on, parts);
        return Explained(parts, ["answers", "ratings", "returns", "complaints"],
        [
            Text($"answers about the shop average {parts[0].Value:P0}"),
            Text($"ratings average {5 * parts[1].Value:0.0} of 5 stars"),
            Text($"{1 - parts[2].Value:P0} of what was bought lately came back"),
            Text($"complaints weigh like {person.Complaints * Fade(person, on, _options.SatisfactionHalfLifeDays):0.0} fresh ones"),
        ]);
    }

    /// <summary><see cref="Intensity"/> with its parts.</summary>
    public Indicator ExplainIntensity(in RelationshipSummary person, DateOnly on)
    {
        Span<Part> parts = stackalloc Part[4];
        IntensityParts(person, on, parts);
        double fade = Fade(person, on, _options.IntensityHalfLifeDays);
        return Explained(parts, ["recency", "frequency", "breadth", "reciprocity"],
        [
            Text($"last active {Silence(person, on)} days ago"),
            Text($"active lately on days that weigh like {person.ActiveDays * fade:0.0} of today"),
            Text($"{person.Categories} categories over {person.Channels} channels"),
            Text($"lately reacted to {person.Answered * fade:0.0} of {person.Contacts * fade:0.0} contacts, and {person.Reactions * fade:0.0} times unasked"),
        ]);
    }

    private void SatisfactionParts(in RelationshipSummary person, DateOnly on, Span<Part> parts)
    {
        double fade = Fade(person, on, _options.SatisfactionHalfLifeDays);
        parts[0] = Mean(person.AnswerScores, person.Answers, fade, _options.AnswerWeight);
        parts[1] = Mean(person.RatingScores, person.Ratings, fade, _options.RatingWeight);
        // A return may be younger than its purchase and so weigh more.
        parts[2] = person.UnitsReturned * fade >= Forgotten
            ? new Part(Math.Clamp(1 - person.UnitsReturned / Math.Max(person.UnitsBought, person.UnitsReturned), 0, 1), _options.ReturnWeight)
            : default;
        double complaints = person.Complaints * fade;
        parts[3] = complaints >= Forgotten ? new Part(Math.Pow(_options.LeftByComplaint, complaints), _options.ComplaintWeight) : default;
    }

    private void IntensityParts(in RelationshipSummary person, DateOnly on, Span<Part> parts)
    {
        double fade = Fade(person, on, _options.IntensityHalfLifeDays);
        if (person.Active)
        {
            double halfLife = Math.Max(_options.RecencyHalfLifeDays, person.LifeCycle.Rhythm.MeanInterval ?? 0);
            parts[0] = new Part(double.Exp2(-Silence(person, on) / halfLife), _options.RecencyWeight);
            parts[1] = new Part(person.ActiveDays * fade / (person.ActiveDays * fade + _options.HalfOfFrequency), _options.FrequencyWeight);
            int breadth = person.Categories + person.Channels;
            if (breadth > 0) parts[2] = new Part(breadth / (breadth + _options.HalfOfBreadth), _options.BreadthWeight);
        }
        double contacts = person.Contacts * fade, reactions = person.Reactions * fade, answered = person.Answered * fade;
        // One more in the denominator, so that a single reaction is not yet perfect reciprocity.
        if (contacts + reactions >= Forgotten) parts[3] = new Part((answered + reactions) / (contacts + reactions + 1), _options.ReciprocityWeight);
    }

    private static Part Mean(double scores, double count, double fade, double weight) =>
        count * fade >= Forgotten ? new Part(Math.Clamp(scores / count, 0, 1), weight) : default;

    private static double? Score(ReadOnlySpan<Part> parts)
    {
        double weights = 0, points = 0;
        foreach (Part part in parts) (weights, points) = (weights + part.Weight, points + part.Weight * part.Value);
        return weights > 0 ? 100 * points / weights : null;
    }

    private static Indicator Explained(ReadOnlySpan<Part> parts, ReadOnlySpan<string> names, ReadOnlySpan<string> sentences)
    {
        double weights = 0;
        foreach (Part part in parts) weights += part.Weight;
        var known = new List<IndicatorPart>();
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i].Weight == 0) continue;
            double share = parts[i].Weight / weights;
            known.Add(new IndicatorPart(names[i], parts[i].Value, share, 100 * share * parts[i].Value, sentences[i]));
        }
        return new Indicator(Score(parts), known);
    }

    private static int Silence(in RelationshipSummary person, DateOnly on) => Math.Max(0, on.DayNumber - person.LastActive.DayNumber);

    // A clock that went back makes nothing weigh more than when it was summed up.
    private static double Fade(in RelationshipSummary person, DateOnly on, double halfLife) =>
        double.Exp2(-Math.Max(0, on.DayNumber - person.AsOf.DayNumber) / halfLife);

    private static string Text(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
