using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Cli.Importing;

/// <summary>Records that are written together, in the order items, customers, events.</summary>
internal sealed class ImportBatch
{
    /// <summary>
    /// Events come in any order of their ids, so each batch touches the whole index of them: many at once cost the disk little more than
    /// few, and a kill makes at most these be read again.
    /// </summary>
    public const int Size = 50_000;

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
