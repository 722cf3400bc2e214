namespace Recommender.LifeCycle;

/// <summary>Days are the shop's days: a purchase at 00:30 in Berlin is yesterday's in UTC.</summary>
public sealed record ShopCalendar(TimeZoneInfo Zone)
{
    public static readonly ShopCalendar Utc = new(TimeZoneInfo.Utc);

    public DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, Zone).DateTime);
}
