using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Cli.Importing;

/// <summary>Records that are written together, in the order items, customers, events.</summary>
internal sealed class ImportBatch
{
    /// <summary>Large enough that the write to disk is a small part, small enough that a cancelled import stops at once.</summary>
    public const int Size = 5_000;

    public List<Item> Items { get; } = [];

    public List<Customer> Customers { get; } = [];

    public List<ShopEvent> Events { get; } = [];

    /// <summary>Where each event stood, in the same order.</summary>
    public List<Place> Places { get; } = [];

    public List<RejectedLine> Rejected { get; } = [];

    public Dictionary<string, long> LeftOut { get; } = [];

    public int Records { get; private set; }

    public void Add(ImportRecord record)
    {
        Records++;
        switch (record)
        {
            case ItemRecord item:
                Items.Add(item.Item);
                break;
            case CustomerRecord customer:
                Customers.Add(customer.Customer);
                break;
            case EventRecord { Event: var happened }:
                Events.Add(happened);
                Places.Add(record.Place);
                break;
            case LeftOutLine left:
                LeftOut[left.Reason] = LeftOut.GetValueOrDefault(left.Reason) + 1;
                break;
            case RejectedLine rejected:
                Rejected.Add(rejected);
                break;
        }
    }
}
