namespace Recommender.Storage;

/// <summary>What a record must be so that every engine gives it back as it was sent.</summary>
internal static class StorableRecord
{
    /// <exception cref="ArgumentException">The record could not be given back as it was sent.</exception>
    public static void Check(ShopRecord record, int index)
    {
        if (record is ShopRecord.OfEvent { Stored.Event: var happened }) StorableEvent.Check(happened, index);
        if (record is ShopRecord.OfStage { History: var history }) StorablePeople.Check(history, index);
        if (record is ShopRecord.OfCustomer { Customer: var customer }) StorablePeople.Check(customer, index);
        if (record is ShopRecord.OfItem { Item: var item })
        {
            Storable.RequireId(item.Id, "item", index);
            Storable.RequireAttributes(item.Attributes, "item", item.Id);
        }
    }
}
