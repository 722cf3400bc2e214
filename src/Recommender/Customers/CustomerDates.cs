namespace Recommender.Customers;

/// <summary>Names of a customer's dates that the service knows the meaning of.</summary>
public static class CustomerDates
{
    public const string Birthday = "birthday";
}
