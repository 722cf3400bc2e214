using Recommender.Repeats;

namespace Recommender.Interactions;

/// <summary>
/// Everything one person's events say about one item, in the order of the log. What takes back takes back its own kind: a return
/// its share of the purchases, cart_remove the cart, unlike and every newer opinion the opinion before.
/// </summary>
internal struct ItemEvidence(int item)
{
    private const double Forgotten = 1e-6;

    private double _attention, _cart, _opinion, _hidden, _purchases, _unitsKept, _answer;
    private PurchaseHabit _habit;
    private int _lastAttention = -1, _lastCart = -1, _lastOpinion = -1, _lastPurchase = -1, _lastHide = -1, _lastAnswer = -1;

    public int Item { get; } = item;

    /// <summary>Index of the newest signal that was about the item, whatever became of it.</summary>
    public int Last { get; private set; }

    /// <summary>Bought and not wholly returned.</summary>
    public readonly bool Bought => _unitsKept > 0;

    /// <summary>When it was bought, if it was kept.</summary>
    public readonly PurchaseHabit Habit => Bought ? _habit : default;

    /// <summary>Hidden, or disliked in the newest opinion or answer.</summary>
    public readonly bool Rejected => _lastHide >= 0 || _opinion < 0 || _answer < 0;

    /// <summary>Nothing is known but that they were asked about it and did not choose it.</summary>
    public readonly bool Unfamiliar => _lastAnswer >= 0 && _answer == 0 && (_lastAttention & _lastCart & _lastOpinion & _lastPurchase & _lastHide) < 0;

    public void Take(in Signal signal, int index)
    {
        Last = index;
        switch (signal.Type)
        {
            case SignalType.Attention:
                (_attention, _lastAttention) = (_attention + signal.Contribution, index);
                break;
            case SignalType.CartAdd:
                (_cart, _lastCart) = (_cart + signal.Contribution, index);
                break;
            case SignalType.CartRemove:
                _cart = 0;
                break;
            case SignalType.Opinion:
                (_opinion, _lastOpinion) = (signal.Contribution, index);
                break;
            case SignalType.Answer:
                (_answer, _lastAnswer) = (signal.Contribution, index);
                break;
            case SignalType.Hide:
                (_hidden, _lastHide) = (Math.Min(_hidden, signal.Contribution), index);
                break;
            case SignalType.Purchase:
                (_purchases, _lastPurchase) = (_purchases + signal.Contribution, index);
                // Bought again after it was all returned: the habit begins anew.
                _habit = _unitsKept > 0 ? After(_habit, signal.Day) : new PurchaseHabit(1, signal.Day, signal.Day);
                _unitsKept += signal.Quantity;
                break;
            case SignalType.Return:
                Return(signal.Quantity);
                break;
            case SignalType.Undo:
            default:
                throw new InvalidOperationException($"A signal of type {signal.Type} is evidence for no item.");
        }
    }

    /// <summary>The net confidence: positive speaks for the item, negative against it.</summary>
    public readonly float Confidence(double limit)
    {
        double net = Math.Clamp(Net, -limit, limit);
        // What has decayed to a millionth says nothing, and its inverse would drown the arithmetic of a fold-in.
        return Math.Abs(net) < Forgotten ? 0 : (float)net;
    }

    /// <summary>Index of the newest signal of the kind that says most, in the direction of the whole.</summary>
    public readonly int Strongest
    {
        get
        {
            double sign = Net < 0 ? -1 : 1;
            (double Said, int Index) strongest = (0, Last);
            foreach ((double Said, int Index) kind in (ReadOnlySpan<(double, int)>)
                [(_purchases, _lastPurchase), (_opinion, _lastOpinion), (_cart, _lastCart), (_answer, _lastAnswer),
                    (_attention, _lastAttention), (_hidden, _lastHide)])
            {
                if (kind.Said * sign > strongest.Said) strongest = (kind.Said * sign, kind.Index);
            }
            return strongest.Index;
        }
    }

    // Events may come late; two of one day are one purchase.
    private static PurchaseHabit After(PurchaseHabit habit, int day) =>
        new(day == habit.LastDay || day == habit.FirstDay ? habit.Purchases : habit.Purchases + 1,
        Math.Min(habit.FirstDay, day), Math.Max(habit.LastDay, day));

    private readonly double Net => _attention + _cart + _opinion + _hidden + _purchases + _answer;

    // Which of several purchases came back is seldom said: the returned share of the units takes the same share of the confidence.
    private void Return(double quantity)
    {
        if (_unitsKept <= 0) return;
        double kept = Math.Max(0, 1 - quantity / _unitsKept);
        _purchases *= kept;
        _unitsKept *= kept;
    }
}
