namespace Recommender.Interactions;

/// <summary>The event types every shop has. What each teaches is set by <c>ConfidenceOptions</c>.</summary>
public static class EventTypes
{
    public const string View = "view";
    public const string Like = "like";
    public const string Unlike = "unlike";
    public const string Dislike = "dislike";
    public const string Hide = "hide";
    public const string Rating = "rating";
    public const string CartAdd = "cart_add";
    public const string CartRemove = "cart_remove";
    public const string Purchase = "purchase";
    public const string Return = "return";

    /// <summary>Something written about an item, with or without stars.</summary>
    public const string Review = "review";

    /// <summary>Something went wrong. It teaches no taste and counts for satisfaction.</summary>
    public const string Complaint = "complaint";

    /// <summary>One question answered, skipped, declined or taken back.</summary>
    public const string Answer = "answer";

    /// <summary>Takes one earlier event back, whatever its type.</summary>
    public const string Undo = "undo";
}
