using System.Globalization;

namespace Recommender.LifeCycle;

/// <summary>
/// Decides stages. A purchase or an introduction moves a person on at once; silence breaks a rhythm on a day that follows from the state
/// alone. So a nightly pass needs no events, and one that ran late, twice, or with a clock that went back gives the same history.
/// </summary>
public sealed class StageRules(BgNbd model, LifeCycleOptions options)
{
    private readonly LifeCycleOptions _options = options.Validated();

    public BgNbd Model => model;

    /// <summary>Somebody was seen for the first time, or did something that moves no stage.</summary>
    public static LifeCycleState Seen(in LifeCycleState state, DateOnly on) =>
        state.Known ? state : new LifeCycleState { Known = true, Stage = LifeCycleStage.Exploration, Since = on };

    /// <summary>Somebody registered or answered questions: whoever only looked around now knows the shop.</summary>
    public static LifeCycleState Introduced(in LifeCycleState state, DateOnly on, ICollection<StageTransition>? transitions = null)
    {
        LifeCycleState seen = Seen(state, on);
        return seen.Stage == LifeCycleStage.Exploration
            ? Move(seen, LifeCycleStage.Awareness, on, "registered or answered questions", transitions)
            : seen;
    }

    /// <summary>Somebody bought. Time passes first: a rhythm that broke before the purchase is entered as broken on its day.</summary>
    /// <param name="on">Not before the last purchase; for a late one the customer's events are replayed.</param>
    /// <param name="newCategory">Whether something was bought of a category in which the person had bought nothing before.</param>
    public LifeCycleState Bought(in LifeCycleState state, DateOnly on, double amount, bool newCategory, ICollection<StageTransition>? transitions = null)
    {
        LifeCycleState before = Advance(Seen(state, on), on, transitions);
        LifeCycleState after = before with { Rhythm = before.Rhythm.With(on, amount) };
        if (before.Rhythm.Purchases == 0)
            return before.Stage == LifeCycleStage.Exploration ? Move(after, LifeCycleStage.Awareness, on, "bought for the first time", transitions) : after;
        if (after.Rhythm.Purchases == before.Rhythm.Purchases) return newCategory ? after with { Steady = 0 } : after;
        switch (before.Stage)
        {
            case LifeCycleStage.Dissolution:
                string back = $"came back: bought again after {Days(before.Rhythm.SilenceDays(on))}";
                return Move(after with { Steady = 0, Expanding = 1 }, LifeCycleStage.Expansion, on, back, transitions);
            case LifeCycleStage.Awareness:
                string again = $"bought again, {Days(before.Rhythm.SilenceDays(on))} after the first purchase";
                return Move(after with { Steady = 0, Expanding = 1 }, LifeCycleStage.Expansion, on, again, transitions);
            case LifeCycleStage.Expansion:
                return Grown(after with { Steady = newCategory ? (byte)0 : Next(after.Steady), Expanding = Next(after.Expanding) }, on, transitions);
            default:
                return after;
        }
    }

    /// <summary>The state on a day on which nothing happened. A day before the last change leaves it as it is.</summary>
    public LifeCycleState Advance(in LifeCycleState state, DateOnly on, ICollection<StageTransition>? transitions = null) =>
        BreaksOn(state) is { } day && day <= on ? Move(state, LifeCycleStage.Dissolution, day, Silence(state.Rhythm, day), transitions) : state;

    /// <summary>The day on which the rhythm will break, or broke, if nothing is bought before; null if there is none to break.</summary>
    public DateOnly? BreaksOn(in LifeCycleState state)
    {
        if (state.Rhythm.Purchases == 0 || state.Stage == LifeCycleStage.Dissolution) return null;
        double silence = state.Rhythm.MeanInterval is { } interval ? SilenceToBreak(state.Rhythm, interval) : model.SilenceOfSingleBuyer(_options.SingleBuyerRate);
        double day = Math.Ceiling(Math.Max(1, silence)) + state.Rhythm.Last.DayNumber;
        return day <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber((int)day) : null;
    }

    /// <summary>Where somebody stands today, in one sentence with numbers.</summary>
    public string Explain(in LifeCycleState state, DateOnly on)
    {
        if (!state.Known) return "nothing is known of this person";
        return state.Rhythm.Purchases == 0
            ? string.Create(CultureInfo.InvariantCulture, $"has not bought; known since {state.Since:yyyy-MM-dd}")
            : Silence(state.Rhythm, on);
    }

    // Whichever comes first of "probably gone" and "never silent for so long", but no sooner than a patient shopkeeper would worry.
    private double SilenceToBreak(in PurchaseRhythm rhythm, double interval) => Math.Max(_options.PatientIntervals * interval,
        Math.Min(model.SilenceUntil(rhythm, _options.AliveThreshold), model.SilenceOfChance(rhythm, _options.UnlikelySilence)));

    private LifeCycleState Grown(in LifeCycleState state, DateOnly on, ICollection<StageTransition>? transitions)
    {
        if (state.Steady < _options.PurchasesToSettle && state.Expanding < _options.LongestExpansion) return state;
        string settled = string.Create(CultureInfo.InvariantCulture,
            $"settled: {state.Rhythm.Purchases} purchases, one every {state.Rhythm.MeanInterval:0.#} days");
        return Move(state, LifeCycleStage.Engagement, on, settled, transitions);
    }

    private string Silence(in PurchaseRhythm rhythm, DateOnly on)
    {
        int silent = rhythm.SilenceDays(on);
        return rhythm.MeanInterval is { } interval
            ? string.Create(CultureInfo.InvariantCulture, $"bought every {interval:0.#} days, silent for {silent}; "
                + $"P(alive) {model.AliveProbability(rhythm, on):0.00}, chance of such a silence {model.SilenceChance(rhythm, on):0.00}")
            : string.Create(CultureInfo.InvariantCulture,
                $"bought once, silent for {silent} days; expected to buy {model.RateOfSingleBuyer(silent):P0} as often as a new customer");
    }

    private static LifeCycleState Move(in LifeCycleState state, LifeCycleStage to, DateOnly on, string reason, ICollection<StageTransition>? transitions)
    {
        transitions?.Add(new StageTransition(state.Stage, to, on, reason));
        return state with { Stage = to, Since = on };
    }

    private static byte Next(byte count) => count == byte.MaxValue ? count : (byte)(count + 1);

    private static string Days(int count) => count == 1 ? "1 day" : $"{count} days";
}
